/// The devices of users, from the log and from Redis. No package of the views.
@NullMarked
package chat.milena.syncapi.device;

import org.jspecify.annotations.NullMarked;
