package chat.milena.bench;

import chat.milena.bench.call.TokenMinter;
import chat.milena.bench.client.TokenSource;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jwt.SignedJWT;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/// A server of the protocol in memory, on one thread, which keeps the contract until a test tells it not to.
@SuppressWarnings({"FutureReturnValueIgnored", "NullAway", "StringSplitter"})
public final class FakeServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] SECRET = "a secret of tests, 32 bytes long".getBytes(StandardCharsets.US_ASCII);

    /// Frames of a socket as it is about to get them; a test may drop, repeat, change or swap them.
    public interface Mischief {
        List<ObjectNode> spoil(String userId, ObjectNode frame);
    }

    private record Conversation(
            String id, Set<String> members, Map<String, ObjectNode> acks, List<Long> last, List<ObjectNode> timeline)
            implements FakeReads.Source {}

    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<String, Conversation> conversations = new HashMap<>();
    private final Map<Channel, String> sockets = new LinkedHashMap<>();
    private final int port;
    private Channel listening;

    /// Answered instead of upgrades, as long as above zero.
    public final AtomicInteger upgradesToRefuse = new AtomicInteger();
    /// The same of clients that come back with a token.
    public final AtomicInteger returnsToRefuse = new AtomicInteger();
    /// Sends answered with this error first, as long as above zero.
    public final AtomicInteger sendsToRefuse = new AtomicInteger();
    public volatile Predicate<String> usersToRefuse = userId -> true;
    public volatile String refusal = "RATE_LIMITED";
    /// Sends that are accepted, and whose sender's socket is cut before the ack.
    public final AtomicInteger acksToSwallow = new AtomicInteger();
    public volatile Mischief mischief = (userId, frame) -> List.of(frame);
    public final List<String> subprotocols = new CopyOnWriteArrayList<>();
    /// Joins and leaves so far.
    public final AtomicInteger changes = new AtomicInteger();
    /// Sends that are taken in and never answered, as long as above zero.
    public final AtomicInteger answersToForget = new AtomicInteger();
    /// How many sends each user made.
    public final Map<String, AtomicInteger> speakers = new ConcurrentHashMap<>();
    public final List<String> received = new CopyOnWriteArrayList<>();
    /// Whether clients go on where a token says.
    public volatile boolean resumes;
    /// How often clients are asked to send heartbeats.
    public volatile long heartbeatMillis = 30_000;
    /// Heartbeats that are not answered, as long as above zero.
    public final AtomicInteger heartbeatsToForget = new AtomicInteger();
    /// Tokens that clients brought back.
    public final List<String> resumeTokens = new CopyOnWriteArrayList<>();
    /// Everything that each user was told or would have been, in order.
    private final Map<String, List<ObjectNode>> told = new HashMap<>();
    /// Where each user's device is notified.
    public final Map<String, String> endpoints = new ConcurrentHashMap<>();
    /// Called with the endpoint of each recipient of a message who has one.
    public volatile BiConsumer<String, Boolean> push = (endpoint, connected) -> {};
    /// What the read calls tell.
    public final FakeReads reads = new FakeReads();

    public FakeServer() {
        listening = bind(0);
        port = ((InetSocketAddress) listening.localAddress()).getPort();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public static TokenSource tokens() {
        return tokens("default");
    }

    public static TokenSource tokens(String tenant) {
        return new TokenMinter(SECRET, Clock.systemUTC()).forTenant(tenant, java.time.Duration.ofHours(1));
    }

    public static byte[] secret() {
        return SECRET.clone();
    }

    public int port() {
        return port;
    }

    /// Cuts every socket without a close frame.
    public void cutAll() {
        onLoop(() -> {
            List.copyOf(sockets.keySet()).forEach(Channel::close);
            return null;
        });
    }

    public void closeAll(int code, String reason) {
        onLoop(() -> {
            List.copyOf(sockets.keySet())
                    .forEach(socket -> socket.writeAndFlush(new CloseWebSocketFrame(code, reason))
                            .addListener(written -> socket.close()));
            return null;
        });
    }

    /// Stops listening and cuts all; [#comeBack] listens on the same port again with everything still there.
    public void goAway() {
        listening.close().syncUninterruptibly();
        cutAll();
    }

    public void comeBack() {
        // A closed listener holds its port until the selector's next turn.
        Awaitility.await().ignoreExceptions().until(() -> {
            listening = bind(port);
            return true;
        });
    }

    public int connected() {
        return onLoop(sockets::size);
    }

    public int messages(String conversationId) {
        return onLoop(() -> conversations.get(conversationId).acks().size());
    }

    public String conversation(String... members) {
        return onLoop(() -> create(List.of(members)).id());
    }

    /// Sends a message as somebody without a socket.
    public void says(String userId, String conversationId, String messageId, String text) {
        onLoop(() -> {
            accept(null, userId, "0", messageId, conversations.get(conversationId), text);
            return null;
        });
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private <T> T onLoop(Supplier<T> task) {
        return loop.next().submit(task::get).syncUninterruptibly().getNow();
    }

    private Channel bind(int onPort) {
        return new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(1 << 20))
                                .addLast(new Handler());
                    }
                })
                .bind("127.0.0.1", onPort)
                .syncUninterruptibly()
                .channel();
    }

    private Conversation create(List<String> members) {
        Conversation made = new Conversation(
                "c" + (conversations.size() + 1),
                new LinkedHashSet<>(members),
                new HashMap<>(),
                new ArrayList<>(),
                new ArrayList<>());
        made.last().add(1L);
        made.timeline().add(entry(1, "conversation.created"));
        conversations.put(made.id(), made);
        ObjectNode frame = frame("conversation.created");
        frame.putObject("payload")
                .put("conversationId", made.id())
                .put("type", "group")
                .put("name", "n")
                .put("sequenceNumber", 1)
                .putArray("participants");
        deliver(made, frame, null);
        return made;
    }

    private void join(Conversation conversation, String userId) {
        changes.incrementAndGet();
        ObjectNode change = change("conversation.updated", conversation);
        deliver(conversation, change, null);
        conversation.members().add(userId);
        deliverTo(userId, change.deepCopy().put("type", "conversation.created"));
    }

    private void leave(Conversation conversation, String userId) {
        changes.incrementAndGet();
        ObjectNode change = change("conversation.updated", conversation);
        conversation.members().remove(userId);
        deliver(conversation, change, null);
        deliverTo(userId, change.deepCopy().put("type", "conversation.left"));
    }

    private ObjectNode change(String type, Conversation conversation) {
        long number = conversation.last().get(0) + 1;
        conversation.last().set(0, number);
        conversation.timeline().add(entry(number, "member.changed"));
        ObjectNode frame = frame(type);
        frame.putObject("payload").put("conversationId", conversation.id()).put("sequenceNumber", number);
        return frame;
    }

    private List<ObjectNode> told(String userId) {
        return told.computeIfAbsent(userId, anyone -> new ArrayList<>());
    }

    private void deliverTo(String userId, ObjectNode frame) {
        told(userId).add(frame.deepCopy());
        new LinkedHashMap<>(sockets).forEach((socket, user) -> {
            if (user.equals(userId)) {
                write(socket, userId, frame.deepCopy());
            }
        });
    }

    private void accept(
            Channel socket, String userId, String id, String messageId, Conversation conversation, String text) {
        ObjectNode known = conversation.acks().get(messageId);
        if (known != null) {
            ObjectNode again = known.deepCopy().put("duplicate", true);
            write(socket, userId, frame("message.ack").put("id", id).set("payload", again));
            return;
        }
        long number = conversation.last().get(0) + 1;
        conversation.last().set(0, number);
        ObjectNode ack = JSON.createObjectNode()
                .put("messageId", messageId)
                .put("conversationId", conversation.id())
                .put("sequenceNumber", number)
                .put("timestamp", 1_700_000_000_000L + number)
                .put("duplicate", false);
        conversation.acks().put(messageId, ack);
        ObjectNode entry = entry(number, "message").put("messageId", messageId).put("senderId", userId);
        entry.putObject("content").put("type", "text").put("text", text);
        conversation.timeline().add(entry);
        if (socket != null && acksToSwallow.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            sockets.remove(socket);
            socket.close();
        } else if (socket != null) {
            write(socket, userId, frame("message.ack").put("id", id).set("payload", ack));
        }
        conversation.members().stream()
                .filter(member -> !member.equals(userId) && endpoints.containsKey(member))
                .forEach(member -> push.accept(endpoints.get(member), sockets.containsValue(member)));
        ObjectNode frame = frame("message.new");
        frame.putObject("payload")
                .put("messageId", messageId)
                .put("conversationId", conversation.id())
                .put("senderId", userId)
                .put("sequenceNumber", number)
                .put("timestamp", 1_700_000_000_000L + number)
                .putObject("content")
                .put("type", "text")
                .put("text", text);
        deliver(conversation, frame, socket);
    }

    private void deliver(Conversation conversation, ObjectNode frame, Channel except) {
        conversation.members().forEach(userId -> told(userId).add(frame.deepCopy()));
        new LinkedHashMap<>(sockets).forEach((socket, userId) -> {
            if (!socket.equals(except) && conversation.members().contains(userId)) {
                write(socket, userId, frame.deepCopy());
            }
        });
    }

    private void write(Channel socket, String userId, JsonNode frame) {
        for (ObjectNode one : mischief.spoil(userId, (ObjectNode) frame)) {
            socket.writeAndFlush(new TextWebSocketFrame(one.toString()));
        }
    }

    private static ObjectNode entry(long number, String kind) {
        return JSON.createObjectNode()
                .put("sequenceNumber", number)
                .put("timestamp", 1_700_000_000_000L + number)
                .put("kind", kind);
    }

    private static ObjectNode frame(String type) {
        return JSON.createObjectNode().put("type", type);
    }

    private final class Handler extends SimpleChannelInboundHandler<Object> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, Object message) throws Exception {
            if (message instanceof FullHttpRequest request && request.uri().startsWith("/ws")) {
                upgrade(ctx, request);
            } else if (message instanceof FullHttpRequest request) {
                rest(ctx, request);
            } else if (message instanceof TextWebSocketFrame text) {
                received(ctx.channel(), text.text());
            } else if (message instanceof CloseWebSocketFrame) {
                ctx.close();
            } else if (!(message instanceof WebSocketFrame)) {
                ctx.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            sockets.remove(ctx.channel());
        }

        /// Clients may end in any way.
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }

        private void upgrade(ChannelHandlerContext ctx, FullHttpRequest request) throws ParseException {
            boolean returns = request.uri().contains("resume=");
            AtomicInteger toRefuse = returns && returnsToRefuse.get() > 0 ? returnsToRefuse : upgradesToRefuse;
            if (toRefuse.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                answer(ctx, HttpResponseStatus.TOO_MANY_REQUESTS, "{}");
                return;
            }
            String offered = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
            subprotocols.add(offered.split(",", 2)[0]);
            String userId = SignedJWT.parse(offered.split(",", 2)[1].strip())
                    .getJWTClaimsSet()
                    .getSubject();
            WebSocketServerHandshaker handshaker = new WebSocketServerHandshakerFactory(
                            "ws://127.0.0.1/ws", "milena.v1", false)
                    .newHandshaker(request);
            List<String> tokens =
                    new QueryStringDecoder(request.uri()).parameters().getOrDefault("resume", List.of());
            resumeTokens.addAll(tokens);
            handshaker.handshake(ctx.channel(), request).addListener(done -> {
                sockets.put(ctx.channel(), userId);
                String now = token(userId);
                boolean resumed = resumes && !tokens.isEmpty() && tokens.get(0).startsWith(userId + ":");
                ctx.writeAndFlush(new TextWebSocketFrame(frame("connected")
                        .put("connectionId", "conn_" + sockets.size())
                        .put("serverTime", 1)
                        .put("heartbeatInterval", heartbeatMillis)
                        .put("resumeToken", resumed ? tokens.get(0) : now)
                        .put("resumed", resumed)
                        .toString()));
                if (resumed) {
                    replay(ctx.channel(), userId, Integer.parseInt(tokens.get(0).substring(userId.length() + 1)));
                }
            });
        }

        private String token(String userId) {
            return userId + ":" + told(userId).size();
        }

        private void replay(Channel socket, String userId, int from) {
            List<ObjectNode> all = told(userId);
            for (ObjectNode missed : List.copyOf(all.subList(from, all.size()))) {
                if (!missed.path("type").asText().equals("message.new")) {
                    write(socket, userId, missed.deepCopy());
                    continue;
                }
                ObjectNode entry = (ObjectNode) missed.path("payload").deepCopy();
                ObjectNode frame = frame("messages.offline");
                frame.putObject("payload")
                        .put("conversationId", entry.remove("conversationId").asText())
                        .putArray("messages")
                        .add(entry.put("kind", "message"));
                write(socket, userId, frame);
            }
        }

        private void heartbeat(Channel socket) {
            String userId = sockets.get(socket);
            if (userId != null && heartbeatsToForget.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
                socket.writeAndFlush(new TextWebSocketFrame(frame("heartbeat")
                        .put("serverTime", 1)
                        .put("resumeToken", token(userId))
                        .toString()));
            }
        }

        private void rest(ChannelHandlerContext ctx, FullHttpRequest request)
                throws JsonProcessingException, ParseException {
            if (request.uri().equals("/readyz")) {
                answer(ctx, HttpResponseStatus.OK, "{}");
                return;
            }
            if (request.uri().equals("/api/v1/server")) {
                answer(ctx, HttpResponseStatus.OK, "{\"push\":{\"webpush\":{\"publicKey\":\"key\"}}}");
                return;
            }
            String text = request.content().toString(StandardCharsets.UTF_8);
            if (request.uri().startsWith("/api/v1/devices/")) {
                device(ctx, request, text);
                return;
            }
            if (request.method().equals(HttpMethod.GET) || request.uri().equals("/api/v1/sync")) {
                FakeReads.Answer read = reads.answer(userOf(request), request.uri(), text, conversations);
                answer(ctx, HttpResponseStatus.valueOf(read.status()), read.body());
                return;
            }
            JsonNode body = JSON.readTree(text);
            String[] path = request.uri().split("/");
            if (path.length > 5 && path[5].equals("members")) {
                members(ctx, conversations.get(path[4]), path.length > 6 ? path[6] : null, body);
                return;
            }
            List<String> members = new ArrayList<>();
            members.add(userOf(request));
            body.path("participantIds").forEach(member -> members.add(member.asText()));
            Conversation made = create(members);
            answer(ctx, HttpResponseStatus.CREATED, "{\"conversationId\":\"" + made.id() + "\"}");
        }

        private static String userOf(FullHttpRequest request) throws ParseException {
            String header = request.headers().get(HttpHeaderNames.AUTHORIZATION);
            return SignedJWT.parse(header.substring("Bearer ".length()))
                    .getJWTClaimsSet()
                    .getSubject();
        }

        private void members(ChannelHandlerContext ctx, Conversation conversation, String leaving, JsonNode body) {
            if (leaving != null) {
                leave(conversation, leaving);
                answer(ctx, HttpResponseStatus.NO_CONTENT, "");
                return;
            }
            body.path("userIds").forEach(joining -> join(conversation, joining.asText()));
            answer(ctx, HttpResponseStatus.OK, "{\"conversationId\":\"" + conversation.id() + "\"}");
        }

        private void device(ChannelHandlerContext ctx, FullHttpRequest request, String text)
                throws JsonProcessingException, ParseException {
            if (request.method().equals(HttpMethod.DELETE)) {
                endpoints.remove(userOf(request));
            } else {
                endpoints.put(
                        userOf(request),
                        JSON.readTree(text).at("/subscription/endpoint").asText());
            }
            answer(ctx, HttpResponseStatus.OK, "{}");
        }

        private void answer(ChannelHandlerContext ctx, HttpResponseStatus status, String body) {
            DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
            HttpUtil.setContentLength(response, response.content().readableBytes());
            response.headers().set(HttpHeaderNames.RETRY_AFTER, "0");
            ctx.writeAndFlush(response);
        }

        private void received(Channel socket, String text) throws JsonProcessingException {
            received.add(text);
            JsonNode frame = JSON.readTree(text);
            if (frame.path("type").asText().equals("heartbeat")) {
                heartbeat(socket);
            }
            if (!frame.path("type").asText().equals("message.send")) {
                return;
            }
            String userId = sockets.get(socket);
            JsonNode payload = frame.path("payload");
            Conversation conversation =
                    conversations.get(payload.path("conversationId").asText());
            if (userId == null) {
                return;
            }
            speakers.computeIfAbsent(userId, anyone -> new AtomicInteger()).incrementAndGet();
            String id = frame.path("id").asText();
            if (usersToRefuse.test(userId) && answersToForget.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                return;
            }
            if (usersToRefuse.test(userId) && sendsToRefuse.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                refuse(socket, userId, id, refusal);
            } else if (conversation == null) {
                refuse(socket, userId, id, "CONVERSATION_NOT_FOUND");
            } else if (!conversation.members().contains(userId)) {
                refuse(socket, userId, id, "FORBIDDEN");
            } else {
                accept(
                        socket,
                        userId,
                        id,
                        payload.path("messageId").asText(),
                        conversation,
                        payload.path("content").path("text").asText());
            }
        }

        private void refuse(Channel socket, String userId, String id, String code) {
            ObjectNode error = frame("error").put("id", id);
            error.putObject("payload").put("error", code).put("message", "no").put("retryAfter", 0.05);
            write(socket, userId, error);
        }
    }

    /// A mischief that changes frames of one type at one user and leaves all others.
    public static Mischief at(String userId, String type, UnaryOperator<List<ObjectNode>> change) {
        return (user, frame) ->
                user.equals(userId) && frame.path("type").asText().equals(type)
                        ? change.apply(List.of(frame))
                        : List.of(frame);
    }
}
