namespace Sample.Application.Domain;

/// <summary>The order is paid or cancelled already.</summary>
public sealed class OrderClosedException(int orderId, OrderStatus status)
    : InvalidOperationException($"Order {orderId} is {status} and cannot change any more.");
