package chat.milena.push.provider;

import chat.milena.push.courier.TestCertificate;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A server of HTTP/2 that answers frame by frame what a test wants.
final class Http2Server implements AutoCloseable {
    private final EventLoopGroup threads = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final Channel server;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Script script = (_, _) -> {};

    @FunctionalInterface
    interface Script {
        void serve(Request request, Stream stream);
    }

    record Request(Map<String, String> heads, String body) {}

    /// The way back to the client.
    record Stream(ChannelHandlerContext context) {
        void answer(int status, String body) {
            head(status, Map.of(), body.isEmpty());
            if (!body.isEmpty()) {
                data(body, true);
            }
        }

        void head(int status, Map<String, String> heads, boolean ends) {
            Http2Headers head = new DefaultHttp2Headers().status(Integer.toString(status));
            heads.forEach(head::set);
            write(new DefaultHttp2HeadersFrame(head, ends));
        }

        void data(String text, boolean ends) {
            write(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8), ends));
        }

        /// Until the client goes.
        void dataForEver() {
            if (context.channel().isActive()) {
                data("x".repeat(16_384), false);
                var _ = context.executor().schedule(this::dataForEver, 1, TimeUnit.MILLISECONDS);
            }
        }

        private void write(Http2StreamFrame frame) {
            var _ = context.writeAndFlush(frame);
        }

        /// Ends the stream alone.
        void reset() {
            write(new DefaultHttp2ResetFrame(Http2Error.REFUSED_STREAM));
        }

        /// Ends the connection.
        void cut() {
            var _ = context.channel().parent().close();
        }
    }

    Http2Server(TestCertificate certificate) throws Exception {
        SslContext tls = SslContextBuilder.forServer(certificate.key(), certificate.certificate())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2))
                .build();
        server = new ServerBootstrap()
                .group(threads)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        tls.newHandler(channel.alloc()),
                                        Http2FrameCodecBuilder.forServer().build(),
                                        new Http2MultiplexHandler(new ChannelInitializer<>() {
                                            @Override
                                            protected void initChannel(Channel stream) {
                                                stream.pipeline().addLast(new StreamHandler());
                                            }
                                        }));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
    }

    /// Collects a request and serves it.
    private final class StreamHandler extends SimpleChannelInboundHandler<Http2StreamFrame> {
        private final StringBuilder body = new StringBuilder();
        private @Nullable Map<String, String> heads;

        @Override
        protected void channelRead0(ChannelHandlerContext context, Http2StreamFrame frame) {
            if (frame instanceof Http2HeadersFrame head) {
                heads = new TreeMap<>();
                head.headers()
                        .forEach(field -> heads.put(
                                field.getKey().toString(), field.getValue().toString()));
            }
            if (frame instanceof Http2DataFrame data) {
                body.append(data.content().toString(StandardCharsets.UTF_8));
                if (data.isEndStream() && heads != null) {
                    Request request = new Request(heads, body.toString());
                    requests.add(request);
                    script.serve(request, new Stream(context));
                }
            }
        }
    }

    void script(Script next) {
        script = next;
    }

    List<Request> requests() {
        return requests;
    }

    InetSocketAddress address() {
        return InetSocketAddress.createUnresolved("localhost", ((InetSocketAddress) server.localAddress()).getPort());
    }

    @Override
    public void close() {
        server.close().syncUninterruptibly();
        threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
