/* Heads each card of a list by the name of what is in it, as it is typed. */
Behaviour.specify(".gitops-waves-named input[name='_.name']", "gitops-waves-headings", 0, (input) => {
  const heading = input.closest(".repeated-chunk")?.querySelector(":scope > .repeated-chunk__header");
  if (!heading || heading.querySelector(".gitops-waves-heading")) {
    return;
  }
  const name = document.createElement("bdi");
  name.className = "gitops-waves-heading";
  const show = () => {
    name.textContent = input.value ? "\u00a0" + input.value : "";
  };
  heading.insertBefore(name, heading.querySelector("button"));
  input.addEventListener("input", show);
  show();
});
