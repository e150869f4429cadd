/// How far an application has come in the log that it reads, counted where transaction markers count.
@NullMarked
package chat.milena.streams.progress;

import org.jspecify.annotations.NullMarked;
