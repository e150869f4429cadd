/// Devices of users: how they are registered for push, and how a sign-out ends them.
/// [chat.milena.gateway.device.RegistrationReader] reads a registration,
/// [chat.milena.gateway.device.DeviceSessions] ends the clients of a device.
@NullMarked
package chat.milena.gateway.device;

import org.jspecify.annotations.NullMarked;
