// What Material's markup lacks for keyboards and screen readers. Without it everything still reads.
document.addEventListener("DOMContentLoaded", () => {
  // The menu and search buttons of small screens are labels: make them reachable and pressable.
  for (const [id, name] of [["__drawer", "Open navigation"], ["__search", "Open search"]]) {
    for (const label of document.querySelectorAll(`label.md-header__button[for=${id}]`)) {
      label.tabIndex = 0
      label.title = name
      label.addEventListener("keydown", (event) => {
        if (event.key !== " ") return // the theme itself answers Enter
        event.preventDefault()
        label.click()
      })
    }
  }
  document.querySelector(".md-search-result__meta")?.setAttribute("aria-live", "polite")

  // The theme adds copy buttons and navigations after loading; each needs a name of its own.
  const nameAll = () => {
    document.querySelectorAll(".md-code__nav:not([aria-label])").forEach((navigation) => {
      const all = [...document.querySelectorAll(".md-code__nav")]
      navigation.setAttribute("aria-label", `Code block ${all.indexOf(navigation) + 1}`)
    })
  }
  // A table that scrolls sideways on a phone must be reachable without a mouse.
  document.querySelectorAll(".md-typeset__scrollwrap").forEach((table) => { table.tabIndex = 0 })
  nameAll()
  new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true })
})

// The theme looks for every word of a question as a prefix: "a" finds all words with an a, and no ending is
// cut. Ask for whole words, which the index stems and filters; only the last one may be half typed.
const post = Worker.prototype.postMessage
Worker.prototype.postMessage = function (message, ...rest) {
  if (typeof message?.data === "string") {
    const words = message.data.match(/\p{N}+|[\p{L}\p{N}]{3,}/gu) ?? [message.data]
    message = { ...message, data: [...words.map((word) => `${word}^4`), ...words.slice(-1)].join(" ") }
  }
  return post.call(this, message, ...rest)
}

// Knobs: the slider shows one state of a drawing and says its sentence. In print, effect and null stand side by side.
for (const knob of document.querySelectorAll(".knob")) {
  const [input, drawing, setting, output] = ["input", "svg", "b", "output"].map((part) => knob.querySelector(part))
  const says = knob.querySelectorAll("[data-says]")
  const effect = input.value
  const turn = () => {
    says.forEach((_, n) => drawing.style.setProperty(`--s${n}`, n === input.valueAsNumber ? "visible" : "hidden"))
    const now = says[input.valueAsNumber]
    setting.textContent = now.dataset.says
    input.setAttribute("aria-valuetext", now.dataset.says)
    output.textContent = now.textContent
  }
  input.addEventListener("input", turn)
  let before
  addEventListener("beforeprint", () => { before = input.value; input.value = effect; turn() })
  addEventListener("afterprint", () => { input.value = before; turn() })
}
