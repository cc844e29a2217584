using System.Collections.Concurrent;

namespace AiMixer.Server.Mixing;

/// <summary>Keeps strips and meters that were used: making them costs more than a short buffer does.</summary>
internal sealed class StripPool : IDisposable
{
    // As many wait as are likely to be in use at the same moment.
    private static readonly int Kept = 2 * Environment.ProcessorCount;

    private readonly ConcurrentDictionary<(int SampleRateHz, int Channels), ConcurrentBag<Unit>> _free = new();
    private int _count;

    /// <summary>A strip and a meter, both as new. Disposing gives them back.</summary>
    public Unit Rent(int sampleRateHz, int channels) =>
        _free.TryGetValue((sampleRateHz, channels), out ConcurrentBag<Unit>? bag) && bag.TryTake(out Unit? unit)
            ? Taken(unit)
            : new Unit(this, sampleRateHz, channels);

    public void Dispose()
    {
        foreach (ConcurrentBag<Unit> bag in _free.Values)
        {
            while (bag.TryTake(out Unit? unit))
            {
                unit.Free();
            }
        }
    }

    private Unit Taken(Unit unit)
    {
        Interlocked.Decrement(ref _count);
        return unit;
    }

    private void Return(Unit unit)
    {
        if (Interlocked.Increment(ref _count) > Kept)
        {
            Interlocked.Decrement(ref _count);
            unit.Free();
            return;
        }

        unit.Renew();
        _free.GetOrAdd((unit.Strip.Options.SampleRateHz, unit.Strip.Options.Channels), _ => []).Add(unit);
    }

    /// <summary>A strip without meters of its own, and a meter for what is heard of it.</summary>
    internal sealed class Unit : IDisposable
    {
        // Longer spans are cut into slices of it.
        private const int SliceFrames = 4096;

        private readonly StripPool _pool;

        public Unit(StripPool pool, int sampleRateHz, int channels)
        {
            _pool = pool;
            Strip = new ChannelStrip(new ChannelStripOptions
            {
                SampleRateHz = sampleRateHz,
                Channels = channels,
                MaxFrames = SliceFrames,
                Meters = StripMeters.None,
            });
            Meter = new LoudnessMeter(sampleRateHz, channels);
        }

        public ChannelStrip Strip { get; }

        public LoudnessMeter Meter { get; }

        public void Dispose() => _pool.Return(this);

        public void Renew()
        {
            Strip.Reset();
            Strip.Apply(MixProfile.Neutral);
            Strip.Intensity = ChannelStrip.IntensityMaximum;
            Strip.Bypass = false;
            Meter.Reset();
        }

        public void Free()
        {
            Strip.Dispose();
            Meter.Dispose();
        }
    }
}
