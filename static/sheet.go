package static

import "path"

// Sheet is our style sheet for pages that leave this server as files. What it refers
// to does not go with it: the reader's own letters have to do.
func Sheet() []byte { return joinCSS(path.Base) }
