// Package results owns what a run leaves on disk: records, predictions, seals, the long table and its bands.
// It knows no model.
//
// A run folder holds plain files, and they are the truth; nothing else needs to be kept:
//
//	config.yaml                 the resolved config
//	cells.json                  arms, axes, and the cells in the order of every table
//	env.json                    every environment that wrote here, in order
//	predictions.jsonl           theory lines
//	packs/main.jsonl            cheap cells, one after another: their lines, then a seal
//	cells/ID/records.jsonl      a dear cell: its lines, then its seal
//	cells/ID/records.part.jsonl a dear cell under way
//	cells/ID/attach/            data for figures and the report, files named G-N-NAME.EXT: of generation G and node N
//	cells/ID/state/             checkpoints; after the seal, only what was kept for later metrics
//	seal.json                   what was there when the run was closed; absent while it is written
//	failed.jsonl, timings.jsonl attempts that failed; seconds a cell took. No result depends on them
//	lock, lock.json             who writes the run
//	damaged/                    copies of files that were found changed or cut
//	metrics.csv, figures/       made from the above
//
// Every line is an object that ends in a CRC32C of its bytes. A seal holds the number and the SHA-256 of the
// lines of its cell, so a sealed cell is whole or found to be damaged; seal.json holds the SHA-256 of every seal,
// so a cell that disappears is missed. A kill at any moment costs the generation under way of a dear cell, or a
// cell younger than a tenth of a second; what is finished stays, and the same command goes on from there.
//
// What is written depends on the manifest and the records alone. The clock decides where bytes live, the order
// of workers decides where in a pack; neither reaches the long table.
package results
