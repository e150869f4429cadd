/// The whole product from outside: a process of its own, spoken to as clients do, and its log as other readers of
/// Kafka see it.
package chat.milena.standalone.e2e;
