using Cqrs.Routing.Positions;
using Cqrs.Routing.Sessions;

namespace Cqrs.Routing.Health;

/// <summary>
/// A replica was lost for a moment, and may have restarted. PostgreSQL comes back at its last restart point, so for a while it has less than it had shown: until it has what the primary
/// had afterwards, it is asked by those too who have nothing to ask for. Thread safe.
/// </summary>
/// <remarks>For no longer than a session's marks live: who saw something before that is promised nothing any more.</remarks>
internal sealed class RecoveryCheck(TimeProvider timeProvider)
{
    private readonly long _since = timeProvider.GetTimestamp();
    private readonly SemaphoreSlim _reading = new(1);
    private bool _wasRead;
    private ReplicationPosition? _required;

    public bool IsOlderThan(TimeSpan lifetime) => timeProvider.GetElapsedTime(_since) > lifetime;

    /// <summary>What the replica must have, which one query reads from the primary for all; null if the primary does not tell.</summary>
    public async ValueTask<ReplicationPosition?> RequiredAsync(SessionServices services, PrimaryPositionReader primary, bool async, CancellationToken cancellationToken)
    {
        if (async)
            await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        else
            _reading.Wait(cancellationToken);
        try
        {
            if (!_wasRead)
            {
                _required = (await services.ReadAsync(primary, async, cancellationToken).ConfigureAwait(false)).Position;
                _wasRead = true;
            }

            return _required;
        }
        finally
        {
            _reading.Release();
        }
    }
}
