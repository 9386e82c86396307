namespace Cqrs.Routing.Load.Chaos.Data;

/// <summary>Money goes from one account to another, so that all balances always add up to zero: a query that sees half a transfer shows it.</summary>
public sealed class Account
{
    public int Id { get; init; }

    public long Balance { get; set; }
}
