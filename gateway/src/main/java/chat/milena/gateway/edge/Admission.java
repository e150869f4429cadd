package chat.milena.gateway.edge;

import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.runtime.token.TokenVerifier;
import java.util.concurrent.Executor;

/// Decides whether a client is admitted, for all endpoints.
///
/// @param rates of new connections
/// @param places of admitted connections and of waiting polls
/// @param blocking runs steps that may wait
public record Admission(
        TokenVerifier verifier,
        AllowedOrigins origins,
        ConnectionRates rates,
        ClientPlaces places,
        Executor blocking) {}
