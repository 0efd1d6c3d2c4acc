// Puts the question of a data-passkey button to the browser, and sends its answer with the form. The form is hidden where a browser has no passkeys.
const asks = {
  get: async (question) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question) }),
  create: async (question) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question) }),
};
for (const button of document.querySelectorAll("[data-passkey]")) {
  const box = button.closest("[data-passkey-box]");
  const known = window.PublicKeyCredential?.parseRequestOptionsFromJSON && window.PublicKeyCredential?.parseCreationOptionsFromJSON;
  if (!known) continue;
  box.hidden = false;
  button.addEventListener("click", async () => {
    const form = button.form;
    if (form.elements.name?.value.trim() === "") return form.submit(); // is told what is missing before a passkey is made in vain
    const asked = JSON.parse(button.dataset.question);
    const question = button.dataset.by ? asked[form.elements[button.dataset.by].value] : asked; // one for each answer that may be chosen
    if (!question) return form.submit(); // is told to choose
    const failed = form.querySelector("[data-passkey-failed]");
    failed.hidden = true;
    button.disabled = true;
    try {
      const answer = await asks[button.dataset.passkey](question);
      form.elements.answer.value = JSON.stringify(answer);
      form.submit();
    } catch {
      failed.hidden = false; // called off, or there is none for this site: nothing was sent
      button.disabled = false;
    }
  });
}
