using System.Data.Common;
using System.Net.Sockets;

namespace Cqrs.Routing.Providers;

/// <summary>What the errors of one provider's replica mean. Stateless; <see cref="ReplicaOptions.ClassifyError"/> is asked before it.</summary>
internal abstract class ReplicaErrorClassifier
{
    /// <summary>What a failure means.</summary>
    /// <param name="error">As the driver or EF threw it.</param>
    /// <param name="opening">Whether it was thrown while a connection was opened: then no statement can be at fault.</param>
    public ReplicaErrorKind Of(Exception error, bool opening)
    {
        if (Find(error) is not { } found)
            return ReplicaErrorKind.Other;
        if (IsPoolExhausted(found))
            return ReplicaErrorKind.Transient;
        if (opening)
            return ReplicaErrorKind.Unavailable;
        // The time that the caller gave the statement is used up, and a second run would have none.
        return IsTimeout(found) ? ReplicaErrorKind.Other : OfStatement(found);
    }

    /// <summary>Whether somebody waited in vain, for the connection or for the answer.</summary>
    public bool IsTimeout(Exception error) => Find(error) is { } found && (HasTimedOut(found) || Chain(found).Any(inner => inner is TimeoutException or OperationCanceledException or SocketException { SocketErrorCode: SocketError.TimedOut }));

    /// <summary>What an error means that the server, or the network on the way to it, sent while a statement ran.</summary>
    protected abstract ReplicaErrorKind OfServer(DbException error);

    protected virtual bool HasTimedOut(Exception error) => false;

    protected virtual bool IsPoolExhausted(Exception error) => false;

    // What EF's strategies wrap is the driver's; what an application wraps is its own exception, which says that it has dealt with it.
    private Exception? Find(Exception error) => error switch
    {
        DbException or SocketException or IOException or TimeoutException => error,
        { InnerException: DbException inner } when error.Source?.Contains("EntityFrameworkCore", StringComparison.Ordinal) == true => inner,
        _ when IsPoolExhausted(error) => error,
        _ => null,
    };

    private ReplicaErrorKind OfStatement(Exception error) =>
        Chain(error).Any(inner => inner is SocketException or IOException) ? ReplicaErrorKind.Unavailable
        : error is DbException database ? OfServer(database)
        : ReplicaErrorKind.Other;

    private static IEnumerable<Exception> Chain(Exception error)
    {
        for (var current = error; current is not null; current = current.InnerException)
            yield return current;
    }
}
