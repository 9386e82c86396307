using MediatR;

namespace Sample.Application.Domain;

/// <summary>Published inside the command that paid the order, before it commits.</summary>
public sealed record OrderPaid(int OrderId, int CustomerId, decimal Amount) : INotification;
