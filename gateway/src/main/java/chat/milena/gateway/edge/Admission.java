package chat.milena.gateway.edge;

import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.runtime.token.TokenVerifier;
import java.util.concurrent.Executor;

/// What decides whether a client is admitted, on every way in.
///
/// @param rates of new connections
/// @param places of connections that are admitted, and of polls that wait
/// @param blocking runs what may wait
public record Admission(
        TokenVerifier verifier,
        AllowedOrigins origins,
        ConnectionRates rates,
        ClientPlaces places,
        Executor blocking) {}
