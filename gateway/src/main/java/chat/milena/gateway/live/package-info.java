/// Frames of clients, and presence and typing. [chat.milena.gateway.live.FrameReceiver] passes each frame to its
/// handler: commands, receipts, syncs, new tokens, presence and typing.
///
/// The module `ephemeral` keeps presence in Redis; it never delays a message.
///
/// ```
/// FrameReceiver ─▶ FrameCommands, ReceiptSender ─▶ CommandGate
///              ├─▶ SyncHandler, TokenRefreshes
///              └─▶ LiveReceiver ─▶ PresenceHandler ─▶ LocalUsers, Watchers ─┐
///                              └─▶ TypingHandler ─▶ MemberCache             ├─▶ PresenceThread ─▶ PresenceStore
/// connections ◀─ PresenceRelay ◀────────────────────────────────────────────┴─── its channels
/// ```
@NullMarked
package chat.milena.gateway.live;

import org.jspecify.annotations.NullMarked;
