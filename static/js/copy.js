// Copies the text of a data-copy attribute, or of the element before the button, and says so where the icon is.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = button.dataset.copy || button.previousElementSibling?.textContent || "";
  try {
    await navigator.clipboard.writeText(text.trim());
  } catch {
    return; // refused by the browser: the number can still be marked and copied by hand
  }
  const label = button.getAttribute("aria-label");
  button.setAttribute("aria-label", button.dataset.copied);
  button.toggleAttribute("data-done", true);
  setTimeout(() => {
    button.setAttribute("aria-label", label);
    button.removeAttribute("data-done");
  }, 2000);
});
