export function TaxonomyPage() {
  return <p>taxonomy</p>;
}
