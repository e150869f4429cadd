/// What clients say in frames, and presence and typing. [chat.milena.gateway.live.FrameReceiver] gives each frame to
/// its handler: commands, receipts, syncs, new tokens, presence and typing.
///
/// Presence is kept in Redis by the module `ephemeral` and is never in the way of a message.
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
