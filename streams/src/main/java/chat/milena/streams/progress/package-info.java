/// How far an application has read its log, counting transaction markers.
@NullMarked
package chat.milena.streams.progress;

import org.jspecify.annotations.NullMarked;
