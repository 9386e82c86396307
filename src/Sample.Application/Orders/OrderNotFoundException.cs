namespace Sample.Application.Orders;

/// <summary>There is no such order.</summary>
public sealed class OrderNotFoundException(int orderId) : InvalidOperationException($"There is no order {orderId}.");
