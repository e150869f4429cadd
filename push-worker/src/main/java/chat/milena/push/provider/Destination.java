package chat.milena.push.provider;

import chat.milena.runtime.config.Secret;
import chat.milena.schemas.word.PushPlatform;
import org.jspecify.annotations.Nullable;

/// One registration of a device, with its address in the clear.
///
/// @param address the token of APNs or FCM, or the subscription of Web Push as JSON (`endpoint`, `p256dh`, `auth`)
/// @param appId the topic of APNs or the project of FCM; null for the only one that is set up
/// @param environment of APNs: `production` or `sandbox`; null for production
/// @param vapidKey of Web Push: the public key that the browser subscribed with; null for the present one
public record Destination(
        PushPlatform platform,
        Secret address,
        @Nullable String appId,
        @Nullable String environment,
        @Nullable String vapidKey) {}
