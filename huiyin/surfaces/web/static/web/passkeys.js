// Passkeys: what the server asks goes to the browser, what the browser answers goes back in the form.

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const keys = (listed = []) => listed.map((one) => ({ ...one, id: bytes(one.id) }));

const ask = {
  create: ({ publicKey: told }) =>
    navigator.credentials.create({
      publicKey: {
        ...told,
        challenge: bytes(told.challenge),
        user: { ...told.user, id: bytes(told.user.id) },
        excludeCredentials: keys(told.excludeCredentials),
      },
    }),
  get: ({ publicKey: told }) =>
    navigator.credentials.get({
      publicKey: { ...told, challenge: bytes(told.challenge), allowCredentials: keys(told.allowCredentials) },
    }),
};

const written = (made) => {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[name]) response[name] = text(made.response[name]);
  }
  return {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    response,
    clientExtensionResults: made.getClientExtensionResults(),
  };
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const says = form.querySelector("[data-passkey-says]");
    says.hidden = true;
    try {
      const options = await (await fetch(form.dataset.options, { headers: { Accept: "application/json" } })).json();
      form.elements.credential.value = JSON.stringify(written(await ask[form.dataset.passkey](options)));
    } catch {
      says.hidden = false;
      // The page took the form for sent, and would not send it again.
      delete form.dataset.sending;
      for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
      return;
    }
    form.submit();
  });
}
