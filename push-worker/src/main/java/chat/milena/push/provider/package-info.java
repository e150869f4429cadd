/// The providers of push notifications, each as its own protocol wants it: APNs, FCM and Web Push.
@NullMarked
package chat.milena.push.provider;

import org.jspecify.annotations.NullMarked;
