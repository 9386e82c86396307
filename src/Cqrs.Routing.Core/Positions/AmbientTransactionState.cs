using System.Transactions;

namespace Cqrs.Routing.Positions;

/// <summary>The state of the <see cref="TransactionScope"/> around the running code.</summary>
internal enum AmbientTransactionState
{
    None,
    Active,

    /// <summary>The scope is completed and not yet disposed: <see cref="Transaction.Current"/> throws, and so would any command of the context.</summary>
    Completed,
}
