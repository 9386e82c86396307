using Cqrs.Routing.Internal;
using Cqrs.Routing.Positions;

namespace Cqrs.Routing.Health;

/// <summary>
/// Starts a measurement of a replica from time to time while queries use it. The first query that finds the last one too old starts a new one and does not wait for it.
/// An idle application measures nothing. Thread safe.
/// </summary>
internal sealed class ReplicaMonitor
{
    /// <summary>The number of measurements per <see cref="ReplicaOptions.MaxLag"/>. A replica that lags by three quarters of the limit can still be shown to be within it.</summary>
    private const int MeasurementsPerLimit = 4;

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly TimeSpan _interval;
    private volatile bool _isDue;
    private int _measuring;
    private ITimer? _pause;
    private volatile ReplicaStatus? _last;
    private (ReplicationPosition Position, PositionHistory Timeline)? _timeline;

    public ReplicaMonitor(ReplicaHealthOptions settings, TimeProvider timeProvider)
    {
        _clock = timeProvider;
        _interval = IntervalOf(settings);
        _isDue = _interval > TimeSpan.Zero;
    }

    /// <summary>Gets the last measurement; null if there is none yet.</summary>
    public ReplicaStatus? Last => _last;

    public bool IsMeasuring => Volatile.Read(ref _measuring) != 0;

    /// <summary>Gets whether the caller should call <see cref="Begin"/>. Every query reads it, so it is a volatile read, and a timer ends each pause.</summary>
    public bool IsDue => _isDue;

    /// <summary>Returns the position history of the primary for the timeline of a position.</summary>
    public PositionHistory GetHistory(ReplicationPosition position)
    {
        lock (_gate)
        {
            if (_timeline is not { } known || !known.Position.IsComparableTo(position))
                _timeline = known = (position, new(_clock));
            return known.Timeline;
        }
    }

    /// <summary>Measures on the ThreadPool, unless a measurement is already running.</summary>
    /// <param name="measure">The measurement. It runs outside the caller's ambient flow, and possibly after the caller's request.</param>
    /// <param name="report">Receives the previous and the new measurement. The monitor keeps neither delegate.</param>
    public void Begin(Func<CancellationToken, Task<ReplicaStatus>> measure, Action<ReplicaStatus?, ReplicaStatus> report)
    {
        if (Interlocked.Exchange(ref _measuring, 1) == 1)
            return;

        _isDue = false;
        ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Monitor.MeasureBesideAsync(work.Measure, work.Report), (Monitor: this, Measure: measure, Report: report), preferLocal: false);
    }

    /// <summary>Measures now, regardless of earlier measurements.</summary>
    public async Task<ReplicaStatus> MeasureAsync(
        Func<CancellationToken, Task<ReplicaStatus>> measure, Action<ReplicaStatus?, ReplicaStatus> report, CancellationToken cancellationToken)
    {
        var status = await measure(cancellationToken).ConfigureAwait(false);
        var before = _last;
        _last = status;
        report(before, status);
        return status;
    }

    private async Task MeasureBesideAsync(Func<CancellationToken, Task<ReplicaStatus>> measure, Action<ReplicaStatus?, ReplicaStatus> report)
    {
        try
        {
            await MeasureAsync(measure, report, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // No caller awaits this task, and failures were recorded as measurements. The application and its loggers may already be disposed.
        }
        finally
        {
            Pause();
            Volatile.Write(ref _measuring, 0);
        }
    }

    private void Pause()
    {
        // Several processes that started at the same time should not keep measuring at the same time.
        var length = Jitter.Apply(_interval);
        _pause ??= _clock.CreateTimer(static monitor => ((ReplicaMonitor)monitor!)._isDue = true, this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _pause.Change(length, Timeout.InfiniteTimeSpan);
    }

    private static TimeSpan IntervalOf(ReplicaHealthOptions settings)
    {
        var forLimit = settings.MaxLag / MeasurementsPerLimit ?? TimeSpan.MaxValue;
        return forLimit >= settings.MonitorInterval ? settings.MonitorInterval
            : forLimit < ShortestInterval ? (settings.MonitorInterval < ShortestInterval ? settings.MonitorInterval : ShortestInterval)
            : forLimit;
    }
}
