// Package schema walks a JSON schema and writes a value that satisfies it: strings are what a model says, everything else
// (categories, numbers, lengths of arrays, optional properties) is drawn from a stream of its own, uniformly.
//
// The part of JSON schema (2020-12) that is known: type, enum, const, properties, required, additionalProperties, items,
// prefixItems, minItems, maxItems, minLength, maxLength, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf,
// anyOf, oneOf, allOf of one schema, format (date, date-time, uuid, email), and $ref within the document. Titles, descriptions, defaults
// and examples say nothing about a value. Every other keyword is refused by name: an answer that ignores one would be wrong.
package schema
