using Cqrs.Routing.Positions;
using Cqrs.Routing.Sessions;

namespace Cqrs.Routing.Health;

/// <summary>
/// Checks a replica after an outage. It may have restarted, and PostgreSQL returns to its last restart point, so it may have less data than before. Every query checks
/// the replica's position, even in sessions without writes, until it has reached the primary position read after the outage. Thread safe.
/// </summary>
/// <remarks>The check ends after the session lifetime, when sessions no longer remember what they saw before the outage.</remarks>
internal sealed class RecoveryCheck(TimeProvider timeProvider)
{
    private readonly long _since = timeProvider.GetTimestamp();
    private readonly SemaphoreSlim _reading = new(1);
    private bool _wasRead;
    private ReplicationPosition? _required;

    public bool IsOlderThan(TimeSpan lifetime) => timeProvider.GetElapsedTime(_since) > lifetime;

    /// <summary>Returns the position that the replica must reach, which one query reads from the primary for all; null if it cannot be read.</summary>
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
