using Cqrs.Routing.Internal;
using Cqrs.Routing.Positions;

namespace Cqrs.Routing.Health;

/// <summary>
/// Has a replica measured from time to time, for as long as queries ask for it: the first that finds the last survey too old begins a measurement and
/// does not wait for it. An idle application measures nothing. Thread safe.
/// </summary>
internal sealed class ReplicaMonitor
{
    /// <summary>Measurements per <see cref="ReplicaOptions.MaxLag"/>: a replica may then lag by three quarters of it and still be shown to be within it.</summary>
    private const int SurveysPerLimit = 4;

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

    /// <summary>What was measured last; null if nothing was yet.</summary>
    public ReplicaStatus? Last => _last;

    public bool IsMeasuring => Volatile.Read(ref _measuring) != 0;

    /// <summary>Whether the caller should <see cref="Begin"/>. Asked for every query: a volatile read, as a timer ends each pause.</summary>
    public bool IsDue => _isDue;

    /// <summary>Which position the primary had when, in the history that a position belongs to.</summary>
    public PositionHistory GetHistory(ReplicationPosition position)
    {
        lock (_gate)
        {
            if (_timeline is not { } known || !known.Position.IsComparableTo(position))
                _timeline = known = (position, new(_clock));
            return known.Timeline;
        }
    }

    /// <summary>Measures beside the caller, unless somebody does already.</summary>
    /// <param name="measure">Measures. It runs outside the caller's flow: with none of its ambient state, and after its request.</param>
    /// <param name="report">Told what was measured before and what now. Neither is kept.</param>
    public void Begin(Func<CancellationToken, Task<ReplicaStatus>> measure, Action<ReplicaStatus?, ReplicaStatus> report)
    {
        if (Interlocked.Exchange(ref _measuring, 1) == 1)
            return;

        _isDue = false;
        ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Monitor.MeasureBesideAsync(work.Measure, work.Report), (Monitor: this, Measure: measure, Report: report), preferLocal: false);
    }

    /// <summary>Measures now, whatever was measured before.</summary>
    public async Task<ReplicaStatus> MeasureAsync(
        Func<CancellationToken, Task<ReplicaStatus>> measure, Action<ReplicaStatus?, ReplicaStatus> report, CancellationToken cancellationToken)
    {
        var survey = await measure(cancellationToken).ConfigureAwait(false);
        var before = _last;
        _last = survey;
        report(before, survey);
        return survey;
    }

    private async Task MeasureBesideAsync(Func<CancellationToken, Task<ReplicaStatus>> measure, Action<ReplicaStatus?, ReplicaStatus> report)
    {
        try
        {
            await MeasureAsync(measure, report, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Nobody waits for this, and what could fail was measured as a failure. The application may be gone, its loggers with it.
        }
        finally
        {
            Pause();
            Volatile.Write(ref _measuring, 0);
        }
    }

    private void Pause()
    {
        // Several processes that began to ask at the same time should not go on like that.
        var length = Jitter.Apply(_interval);
        _pause ??= _clock.CreateTimer(static monitor => ((ReplicaMonitor)monitor!)._isDue = true, this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _pause.Change(length, Timeout.InfiniteTimeSpan);
    }

    private static TimeSpan IntervalOf(ReplicaHealthOptions settings)
    {
        var forLimit = settings.MaxLag / SurveysPerLimit ?? TimeSpan.MaxValue;
        return forLimit >= settings.MonitorInterval ? settings.MonitorInterval
            : forLimit < ShortestInterval ? (settings.MonitorInterval < ShortestInterval ? settings.MonitorInterval : ShortestInterval)
            : forLimit;
    }
}
