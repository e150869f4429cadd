package chat.milena.bench.worker;

import chat.milena.bench.call.HttpAnswer;
import chat.milena.bench.call.RestClient;
import chat.milena.bench.client.UsageFailure;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Registers devices with Web Push, as browsers do. All of them have one key, since nobody decrypts what they get.
final class Registrations {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int IN_PARALLEL = 8;
    private static final int COORDINATE_BYTES = 32;
    private static final byte UNCOMPRESSED = 4;

    private final RestClient rest;
    private final String vapidKey;
    private final String point = encoded(publicPoint());
    private final String auth = encoded(new byte[16]);

    /// A device of a user, and where its pushes go.
    record Device(String userId, String deviceId, String endpoint) {
        private String path() {
            return "/api/v1/devices/" + deviceId;
        }
    }

    /// @throws UsageFailure if the server does not offer Web Push
    Registrations(RestClient rest, String help) throws InterruptedException {
        this.rest = rest;
        this.vapidKey = rest.call("nobody", "GET", "/api/v1/server", null)
                .json()
                .path("push")
                .path("webpush")
                .path("publicKey")
                .asText("");
        if (vapidKey.isEmpty()) {
            throw new UsageFailure("the server does not offer Web Push: " + help);
        }
    }

    void register(List<Device> devices) throws InterruptedException {
        each(devices, device -> rest.call(device.userId(), "PUT", device.path(), body(device)));
    }

    void unregister(List<Device> devices) throws InterruptedException {
        each(devices, device -> rest.call(device.userId(), "DELETE", device.path() + "/push", null));
    }

    private ObjectNode body(Device device) {
        ObjectNode body = JSON.createObjectNode().put("platform", "webpush").put("vapidKey", vapidKey);
        body.putObject("subscription")
                .put("endpoint", device.endpoint())
                .putObject("keys")
                .put("p256dh", point)
                .put("auth", auth);
        return body;
    }

    @FunctionalInterface
    private interface Call {
        HttpAnswer answer(Device device) throws InterruptedException;
    }

    private static void each(List<Device> devices, Call call) throws InterruptedException {
        try (ExecutorService threads =
                Executors.newFixedThreadPool(IN_PARALLEL, Thread.ofVirtual().factory())) {
            List<Future<HttpAnswer>> calls = new ArrayList<>();
            devices.forEach(device -> calls.add(threads.submit(() -> call.answer(device))));
            for (Future<HttpAnswer> one : calls) {
                HttpAnswer answer = answer(one);
                if (!answer.ok()) {
                    calls.forEach(left -> left.cancel(true));
                    throw new UsageFailure("a device was not registered: " + answer.refusal());
                }
            }
        }
    }

    private static HttpAnswer answer(Future<HttpAnswer> call) throws InterruptedException {
        try {
            return call.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UsageFailure known ? known : new IllegalStateException(e.getCause());
        }
    }

    private static byte[] publicPoint() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            ECPublicKey key = (ECPublicKey) generator.generateKeyPair().getPublic();
            byte[] point = new byte[1 + 2 * COORDINATE_BYTES];
            point[0] = UNCOMPRESSED;
            put(key.getW().getAffineX(), point, 1 + COORDINATE_BYTES);
            put(key.getW().getAffineY(), point, 1 + 2 * COORDINATE_BYTES);
            return point;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has P-256", e);
        }
    }

    /// Puts a number so that it ends before an index. It may have a sign byte, or leading zeros that are left out.
    private static void put(BigInteger number, byte[] into, int end) {
        byte[] bytes = number.toByteArray();
        int length = Math.min(bytes.length, COORDINATE_BYTES);
        System.arraycopy(bytes, bytes.length - length, into, end - length, length);
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
