// What the theme lacks. It runs before the theme's script; without it everything still reads.
{
  const one = (selector) => document.querySelector(selector)
  const every = (selector) => [...document.querySelectorAll(selector)]
  const [drawer, search] = ["__drawer", "__search"].map((id) => document.getElementById(id))

  // The index is larger than the page: the theme's request for it waits until somebody means to search.
  let want
  const wanted = new Promise((resolve) => { want = resolve })
  const { open, send } = XMLHttpRequest.prototype
  XMLHttpRequest.prototype.open = function (how, address, ...rest) {
    this.late = String(address).includes("search_index.json")
    return open.call(this, how, address, ...rest)
  }
  XMLHttpRequest.prototype.send = function (body) {
    if (this.late) wanted.then(() => send.call(this, body))
    else send.call(this, body)
  }
  for (const kind of ["focusin", "pointerover"]) one(".md-search")?.addEventListener(kind, want)
  search?.addEventListener("change", want)
  if (/[?&][qh]=/.test(location.search)) want()

  // For every link to another form of a page the theme fetches a sitemap, unless the link says a little more.
  for (const link of every("link[rel=alternate]")) link.rel += " "

  // The theme looks for every word as a prefix: "a" finds all words with an a, and no ending is cut. Ask for whole
  // words, which the index stems; only the last may be half typed. Words that nothing holds are asked for once more,
  // one letter off, long ones two. Like the index, the theme's search worker starts when it is needed.
  const QUERY = 2, RESULT = 3
  const marked = (item) => {
    const text = [item.title, item.text, item.synonyms, item.tags].flat().join(" ")
    return [...text.matchAll(/<mark[^>]*>(.*?)<\/mark>/g)].map(([, word]) => word.toLowerCase())
  }
  const akin = (asked, found) => found.startsWith(asked.slice(0, Math.max(3, Math.ceil(asked.length * .6))))
  const TheirWorker = Worker
  window.Worker = class extends EventTarget {
    constructor(address) {
      super()
      this.address = address
      this.asked = [] // questions without an answer yet
    }
    postMessage(message) {
      if (!this.worker) {
        this.worker = new TheirWorker(this.address)
        this.worker.addEventListener("message", ({ data }) => this.answer(data))
      }
      if (message.type === QUERY) this.ask(message.data.toLowerCase().match(/\p{N}+|[\p{L}\p{N}]{3,}/gu) ?? [message.data], [])
      else this.worker.postMessage(message)
    }
    ask(words, unknown) {
      const terms = words.map((word) => unknown.includes(word) ? `${word}~${word.length > 7 ? 2 : 1}` : `${word}^4`)
      this.asked.push({ words, unknown })
      this.worker.postMessage({ type: QUERY, data: [...terms, ...words.slice(-1)].join(" ") })
    }
    answer(message) {
      if (message.type === RESULT) {
        const { words, unknown } = this.asked.shift()
        const items = message.data.items.flat()
        const found = [...new Set(items.flatMap(marked))]
        const missing = words.filter((word) => word.length > 3 && !found.some((other) => akin(word, other)))
        if (missing.length && !unknown.length && !this.asked.length) return this.ask(words, missing)
        // Which words an entry holds is what the theme marked in it: it compares what was asked with stems.
        for (const item of items) item.terms = Object.fromEntries(marked(item).map((word) => [word, true]))
      }
      this.dispatchEvent(new MessageEvent("message", { data: message }))
    }
  }

  // Menu and search are labels of hidden boxes: make them buttons, which say whether they are open.
  const buttons = [[drawer, "Navigation"], [search, "Search"]].map(([box, name]) => {
    const label = one(`label.md-header__button[for=${box?.id}]`)
    if (!label) return null
    const button = document.createElement("button")
    for (const { name, value } of label.attributes) button.setAttribute(name, value) // styles look for them
    button.type = "button"
    button.ariaLabel = name
    button.append(...label.childNodes)
    button.addEventListener("click", () => box.click())
    label.replaceWith(button)
    return button
  })

  // What is closed takes no focus; what opens takes it, and gives it back.
  const [narrow, narrower] = ["76.234375em", "59.984375em"].map((width) => matchMedia(`(max-width: ${width})`))
  const [sidebar, dialog, results] = [".md-sidebar--primary", ".md-search__inner", ".md-search__output"].map(one)
  let before = null
  const settle = () => {
    sidebar.inert = narrow.matches && !drawer.checked
    if (dialog) dialog.inert = narrower.matches && !search.checked
    if (results) results.inert = !search.checked
    buttons[0].ariaExpanded = drawer.checked
    if (buttons[1]) buttons[1].ariaExpanded = search.checked
  }
  for (const query of [narrow, narrower]) query.addEventListener("change", settle)
  drawer.addEventListener("change", () => {
    settle()
    if (narrow.matches) (drawer.checked ? sidebar.querySelector("a[href]") : buttons[0]).focus()
  })
  sidebar.addEventListener("focusout", ({ relatedTarget: to }) => {
    if (narrow.matches && drawer.checked && to && !sidebar.contains(to) && to !== buttons[0]) drawer.click()
  })
  dialog?.addEventListener("focusin", ({ relatedTarget: from }) => { if (!dialog.contains(from)) before = from })
  search?.addEventListener("change", () => {
    settle()
    if (!search.checked) (before ?? document.activeElement).focus()
  })
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drawer.checked && narrow.matches) drawer.click()
    else if ("/fs".includes(event.key) && dialog && !event.target.closest("input, textarea")) dialog.inert = false
  }, true)
  settle()

  // Names for what repeats, and for what the theme adds later.
  one(".md-search-result__meta")?.setAttribute("aria-live", "polite")
  const nameAll = () => every(".md-code__nav:not([aria-label])").forEach((bar) => {
    const block = bar.closest(".highlight, .jp-Cell, pre")
    const title = block.querySelector(".filename")?.textContent ?? `code block ${every(".md-code__nav").indexOf(bar) + 1}`
    bar.ariaLabel = `Code of ${title}`
    bar.querySelector("[data-md-type=copy]")?.setAttribute("aria-label", `Copy to clipboard: ${title}`)
  })
  every(".md-typeset__scrollwrap").forEach((table) => { table.tabIndex = 0 }) // it scrolls on a phone
  nameAll()
  new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true })

  // Copy the very file that the link beside the button leads to.
  addEventListener("click", async ({ target }) => {
    const button = target.closest?.("button.copies")
    if (!button) return
    const file = fetch(button.nextElementSibling.href).then((response) => response.blob())
    const text = file.then((bytes) => new Blob([bytes], { type: "text/plain" }))
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": text })])
    const said = button.textContent
    button.textContent = "Copied"
    setTimeout(() => { button.textContent = said }, 2000)
  })

  // The catalogue: a filter that counts what is left.
  const shelf = one(".catalogue")
  if (shelf) {
    const [label, input, count] = ["label", "input", "output"].map((name) => document.createElement(name))
    const cards = [...shelf.querySelectorAll(":scope > ul > li")]
    const filter = () => {
      const words = input.value.toLowerCase().split(/\s+/)
      for (const card of cards) card.hidden = !words.every((word) => card.textContent.toLowerCase().includes(word))
      for (const list of shelf.querySelectorAll(":scope > ul")) {
        list.hidden = list.previousElementSibling.hidden = [...list.children].every((card) => card.hidden)
      }
      count.textContent = `${cards.filter((card) => !card.hidden).length} of ${cards.length} snippets`
    }
    label.className = "catalogue-filter"
    label.append("Filter by task, function or library ", input)
    input.type = "search"
    input.addEventListener("input", filter)
    shelf.prepend(label, count)
    filter()
  }
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
