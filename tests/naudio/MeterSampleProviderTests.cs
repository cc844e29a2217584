namespace AiMixer.NAudio.Tests;

public sealed class MeterSampleProviderTests
{
    [Fact]
    public void It_passes_on_and_measures_what_a_meter_measures()
    {
        float[] input = StripSampleProviderTests.Programme(48000, 2);
        using MeterSampleProvider provider = new(new ArrayProvider(input, 48000, 2, 700));
        List<float> output = [];
        float[] buffer = new float[1001];
        for (int read; (read = provider.Read(buffer, 0, buffer.Length)) > 0;)
        {
            output.AddRange(buffer[..read]);
        }

        using LoudnessMeter meter = new(48000, 2);
        meter.Add(input);
        Assert.Equal(input, output);
        Assert.Equal(meter.Read(), provider.Reading);

        provider.Reset();
        Assert.Equal(-200, provider.Reading.IntegratedLufs);
    }
}
