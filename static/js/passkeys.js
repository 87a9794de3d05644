/* Passkeys: the browser asks the person, and the form carries what it got. */
(() => {
  "use strict";
  const { webauthnJSON } = window;
  const options = () => JSON.parse(document.getElementById("passkey-options").textContent);

  const passkey = {
    create: (form) => {
      const asked = options().creation_options;
      const alone = form.elements.passwordless;
      if (alone) {
        Object.assign(asked.publicKey.authenticatorSelection, {
          residentKey: alone.checked ? "required" : "discouraged",
          requireResidentKey: alone.checked,
        });
        if (alone.checked) asked.publicKey.authenticatorSelection.userVerification = "required";
      }
      return webauthnJSON.create(asked);
    },
    get: () => webauthnJSON.get(options().request_options),
    login: async (form) => {
      const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.statusText);
      return webauthnJSON.get((await answer.json()).request_options);
    },
  };

  document.querySelectorAll("[data-passkey]").forEach((button) => {
    const { form } = button;
    const trouble = form.querySelector("[data-passkey-trouble]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      trouble.hidden = true;
      button.disabled = true;
      try {
        form.elements.credential.value = JSON.stringify(await passkey[button.dataset.passkey](form));
        form.submit();
      } catch {
        /* Cancelled, none there, or not allowed: the browser does not tell which. */
        trouble.hidden = false;
        button.disabled = false;
      }
    });
  });
})();
