/// Push notifications: which devices are notified of what and when, and the providers that carry it there.
///
/// [chat.milena.push.pending] and [chat.milena.push.topology] decide when which device is notified of what.
/// [chat.milena.push.send] sends it, as [chat.milena.push.policy] decides.
///
/// [chat.milena.push.courier] attempts one delivery to somebody outside. [chat.milena.push.provider] speaks the
/// protocols of APNs, FCM and Web Push.
@NullMarked
package chat.milena.push;

import org.jspecify.annotations.NullMarked;
