package chat.milena.bench.load;

import chat.milena.bench.call.RestClient;
import chat.milena.bench.client.ChatClient;
import chat.milena.bench.client.Connection;
import chat.milena.bench.client.ConnectionListener;
import chat.milena.bench.client.Futures;
import chat.milena.bench.report.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;

/// Prepares the users of a load: first all connections, then the conversations, so that every user receives every
/// number from 1 on.
public final class Crowd {
    private static final int CREATING_IN_PARALLEL = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NOT_ADMITTED = "the server did not admit all users";

    private final Shape shape;
    private final String prefix;
    private final Progress progress;
    private final List<String> guests;

    /// @param kind the prefix of the names of its users
    public Crowd(Shape shape, String kind, Progress progress) {
        this(shape, kind, progress, List.of());
    }

    /// @param guests further members of each group, who are not connected here
    public Crowd(Shape shape, String kind, Progress progress, List<String> guests) {
        this.guests = List.copyOf(guests);
        this.shape = shape;
        this.prefix = kind + "-" + UUID.randomUUID().toString().substring(0, 8) + "-";
        this.progress = progress;
    }

    /// The name of a user, by index.
    public String userId(int user) {
        return prefix + user;
    }

    /// The name of the user to whom a writer of [Shape.Writers] writes.
    public static String readerOf(String writerId) {
        return writerId + "-reader";
    }

    /// Connects all users of a lane, and creates their conversations.
    ///
    /// @return the ids of their conversations
    public List<String> gather(ChatClient client, RestClient rest, Lane lane) throws InterruptedException {
        return gather(
                i -> client, rest, lane, i -> new LoadUser(lane, lane.checker().observer(userId(i))));
    }

    /// Like [#gather(ChatClient, RestClient, Lane)], each user over a client of its own choice.
    public List<String> gather(
            IntFunction<ChatClient> clients, RestClient rest, Lane lane, IntFunction<LoadUser> newUser)
            throws InterruptedException {
        List<LoadUser> users = new ArrayList<>();
        connect(
                clients,
                i -> {
                    users.add(newUser.apply(i));
                    return users.get(i);
                },
                (i, connection) -> users.get(i).connected(connection));
        List<String> ids = create(rest);
        List<Lane.Talk> talks = new ArrayList<>();
        for (int c = 0; c < ids.size(); c++) {
            List<LoadUser> members = new ArrayList<>();
            for (int place = 0; place < shape.membersEach(); place++) {
                members.add(users.get(shape.member(c, place)));
            }
            String conversationId = ids.get(c);
            members.forEach(member -> member.joins(conversationId));
            talks.add(new Lane.Talk(conversationId, members));
        }
        lane.meet(talks);
        return ids;
    }

    public void connect(
            ChatClient client, IntFunction<ConnectionListener> users, BiConsumer<Integer, Connection> connected)
            throws InterruptedException {
        connect(i -> client, users, connected);
    }

    private void connect(
            IntFunction<ChatClient> clients,
            IntFunction<ConnectionListener> users,
            BiConsumer<Integer, Connection> connected)
            throws InterruptedException {
        progress.print("connecting " + shape.users() + " users");
        List<CompletableFuture<Connection>> opening = new ArrayList<>();
        int slowest = Integer.MAX_VALUE;
        for (int i = 0; i < shape.users(); i++) {
            ChatClient client = clients.apply(i);
            slowest = Math.min(slowest, client.options().connectsPerSecond());
            opening.add(client.connect(userId(i), "bench", users.apply(i)));
        }
        Duration patience = PATIENCE.plusSeconds(shape.users() / slowest);
        for (int i = 0; i < opening.size(); i++) {
            connected.accept(i, Futures.await(opening.get(i), patience, NOT_ADMITTED));
        }
    }

    /// Creates all conversations; returns their ids.
    public List<String> create(RestClient rest) throws InterruptedException {
        progress.print("creating " + shape.conversations() + " conversations");
        List<String> ids = new ArrayList<>();
        try (ExecutorService creators = Executors.newFixedThreadPool(
                CREATING_IN_PARALLEL, Thread.ofVirtual().factory())) {
            List<Future<String>> creating = new ArrayList<>();
            for (int c = 0; c < shape.conversations(); c++) {
                int conversation = c;
                creating.add(creators.submit(() -> create(rest, conversation)));
            }
            for (Future<String> one : creating) {
                ids.add(Futures.await(one, PATIENCE, NOT_ADMITTED));
            }
        }
        return ids;
    }

    private String create(RestClient rest, int conversation) throws InterruptedException {
        String creator = userId(shape.member(conversation, 0));
        List<String> others = new ArrayList<>(guests);
        for (int place = 1; place < shape.membersEach(); place++) {
            others.add(userId(shape.member(conversation, place)));
        }
        return switch (shape) {
            case Shape.Loners loners -> throw new IllegalStateException("loners have no conversation");
            case Shape.Writers writers -> rest.createDirect(creator, readerOf(creator));
            case Shape.Pairs pairs -> rest.createDirect(creator, others.get(0));
            case Shape.Groups groups -> rest.createGroup(creator, prefix + conversation, others);
        };
    }
}
