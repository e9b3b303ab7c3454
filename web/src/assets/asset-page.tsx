export function AssetPage() {
  return <p>asset</p>;
}
