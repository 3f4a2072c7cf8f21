"use strict";
// Hides the pages that do not hold every word that is searched for. "/" goes to the search field.
const form = document.querySelector("form[role=search]");
if (form) {
  const field = form.querySelector("input");
  const said = form.querySelector("output");
  const pages = [...document.querySelectorAll("article")].map((article) => ({
    article,
    entry: document.querySelector(`li[data-page="${article.id}"]`),
    text: article.textContent.toLowerCase(),
  }));
  const search = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const page of pages) {
      const holds = words.every((word) => page.text.includes(word));
      page.article.hidden = page.entry.hidden = !holds;
      found += holds;
    }
    said.textContent = words.length ? `${found} of ${pages.length} pages` : "";
  };
  // a link to a page that the search hides shows it again
  const reveal = () => {
    const page = document.getElementById(location.hash.slice(1));
    if (page && page.hidden) {
      field.value = "";
      search();
      page.scrollIntoView();
    }
  };
  form.hidden = false;
  field.addEventListener("input", search);
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", reveal);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== field) {
      event.preventDefault();
      field.focus();
    }
  });
}
