/// The sync API as a service: its configuration, its parts, and the process of its own.
@NullMarked
package chat.milena.syncapi;

import org.jspecify.annotations.NullMarked;
