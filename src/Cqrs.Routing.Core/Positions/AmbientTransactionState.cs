using System.Transactions;

namespace Cqrs.Routing.Positions;

/// <summary>The <see cref="TransactionScope"/> around the code that is running.</summary>
internal enum AmbientTransactionState
{
    None,
    Active,

    /// <summary>Completed and not yet disposed: <see cref="Transaction.Current"/> throws, and so would any command of the context.</summary>
    Completed,
}
