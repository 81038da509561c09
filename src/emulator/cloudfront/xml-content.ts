// Between the two shapes of XML of `xml.ts`: a parsed element to content that can be written, and content to an element.

import type { XmlContent, XmlElement } from '../xml.ts'
import { childAt } from '../xml.ts'

/** Drops the space between elements; elements of one name end up side by side, which no CloudFront document minds. */
export function toContent(element: XmlElement): XmlContent {
  if (element.children.length === 0) return element.text.trim() === '' ? '' : element.text
  const fields: Record<string, XmlContent[]> = {}
  for (const child of element.children) (fields[child.name] ??= []).push(toContent(child))
  return fields
}

export function toElement(name: string, content: XmlContent): XmlElement {
  if (typeof content !== 'object') return { name, text: String(content), children: [] }
  const children = Object.entries(content).flatMap(([childName, value]) => {
    const values: readonly XmlContent[] = value === undefined ? [] : Array.isArray(value) ? value : [value]
    return values.map((one) => toElement(childName, one))
  })
  return { name, text: '', children }
}

/** `element` with each field of `defaults` that it lacks. */
export function withDefaults(element: XmlElement, defaults: Readonly<Record<string, XmlContent>>): XmlElement {
  const missing = Object.entries(defaults).filter(([name]) => childAt(element, name) === undefined)
  if (missing.length === 0) return element
  return { ...element, children: [...element.children, ...missing.map(([name, content]) => toElement(name, content))] }
}

/** `element` with every child of that name replaced. */
export function mapChildren(element: XmlElement, name: string, change: (child: XmlElement) => XmlElement): XmlElement {
  return { ...element, children: element.children.map((child) => (child.name === name ? change(child) : child)) }
}

/** `element` with every entry of one of its `{ Quantity, Items }` lists replaced. */
export function mapItems(
  element: XmlElement,
  listName: string,
  itemName: string,
  change: (item: XmlElement) => XmlElement,
): XmlElement {
  return mapChildren(element, listName, (list) =>
    mapChildren(list, 'Items', (items) => mapChildren(items, itemName, change)),
  )
}

/** The entries of one of the API's `{ Quantity, Items }` lists; empty when there is no such list. */
export function listItems(element: XmlElement, listName: string): readonly XmlElement[] {
  return childAt(element, listName, 'Items')?.children ?? []
}

/** A `{ Quantity, Items }` list as the API writes it: `Items` is left out when there are none. */
export function toList(itemName: string, items: readonly XmlContent[]): XmlContent {
  return items.length === 0 ? { Quantity: 0 } : { Quantity: items.length, Items: { [itemName]: items } }
}
