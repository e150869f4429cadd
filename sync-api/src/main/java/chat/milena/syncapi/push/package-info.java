/// What push asks the query side before it sends.
@NullMarked
package chat.milena.syncapi.push;

import org.jspecify.annotations.NullMarked;
