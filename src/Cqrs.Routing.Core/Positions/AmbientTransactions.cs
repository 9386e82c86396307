using System.Transactions;

namespace Cqrs.Routing.Positions;

internal static class AmbientTransactions
{
    public static AmbientTransactionState Get()
    {
        try
        {
            return Transaction.Current is null ? AmbientTransactionState.None : AmbientTransactionState.Active;
        }
        catch (InvalidOperationException)
        {
            return AmbientTransactionState.Completed;
        }
    }

    /// <summary>Hides the ambient transaction from a connection that must not enlist.</summary>
    public static TransactionScope Suppress() => new(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
}
