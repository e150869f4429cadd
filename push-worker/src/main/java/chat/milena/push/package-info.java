/// Push notifications: which devices are notified of what and when, and the providers that carry it there.
///
/// [chat.milena.push.courier] attempts one delivery to somebody outside. [chat.milena.push.provider] speaks the
/// protocols of APNs, FCM and Web Push.
@NullMarked
package chat.milena.push;

import org.jspecify.annotations.NullMarked;
