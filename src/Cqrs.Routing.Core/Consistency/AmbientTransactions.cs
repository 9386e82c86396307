using System.Transactions;

namespace Cqrs.Routing.Consistency;

internal static class AmbientTransactions
{
    public static AmbientTransaction Find()
    {
        try
        {
            return Transaction.Current is null ? AmbientTransaction.None : AmbientTransaction.Active;
        }
        catch (InvalidOperationException)
        {
            return AmbientTransaction.Completed;
        }
    }

    /// <summary>Hides the ambient transaction from a connection that must not enlist.</summary>
    public static TransactionScope Suppress() => new(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
}
