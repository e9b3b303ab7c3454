export function ImportPage() {
  return <p>import</p>;
}
