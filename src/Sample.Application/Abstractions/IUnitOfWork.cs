namespace Sample.Application.Abstractions;

/// <summary>Makes everything that a command does one transaction.</summary>
public interface IUnitOfWork
{
    /// <summary>Runs <paramref name="work"/> in a transaction and commits it; joins the one that is open, if any.</summary>
    /// <remarks>The provider's execution strategy may run <paramref name="work"/> again, in a new transaction, after a transient failure.</remarks>
    Task<T> InTransactionAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken);
}
