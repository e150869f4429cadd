/// What answers say of people: their names, blocks and devices, the latter from the log and from Redis.
@NullMarked
package chat.milena.syncapi.person;

import org.jspecify.annotations.NullMarked;
