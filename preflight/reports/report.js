
"use strict";
// Adds a button to every listing that copies it; a page without this script is read and copied by hand.
for (const listing of document.querySelectorAll("pre:not(.line)")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "copy";
  button.addEventListener("click", async () => {
    const text = listing.querySelector("code").textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = "copied";
    setTimeout(() => { button.textContent = "copy"; }, 2000);
  });
  listing.before(button); // above, for it would hide the end of a long line
}
