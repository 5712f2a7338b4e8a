#ifndef MESHWEFT_PAGE_CHECK_H
#define MESHWEFT_PAGE_CHECK_H

/// Bytes at the end of each page that hold its check; a database that is to have checks reserves as many.
#define PAGE_CHECK_BYTES 8

/// From now on every connection of the process writes and verifies the checks of databases that reserve their bytes.
/// Returns SQLite's code.
int page_check_register(void);

/// The name of the layer below: whoever opens a database with that sees pages whatever their checks say.
const char *page_check_below(void);

#endif
