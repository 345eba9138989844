#!/bin/sh
# Makes clip.mpegts, the transport stream that a broadcast without an input shows. Needs ffmpeg >= 5.1 with libx264, libfreetype and a DejaVu font.
#
# It loops without a seam because
# - 8 s are a whole number of frames of both streams: 200 pictures at 25/s, 375 AAC frames of 1024 samples at 48 kHz;
# - pictures and melody have a period of 8 s;
# - the AAC frames are the middle third of three periods: there the encoder's priming is over, and the last frame overlaps
#   into the first one as it does into its real successor;
# - each PES packet holds one audio frame, and there are no B-frames: the last time stamps tell where the clip ends.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

font=${FONT:-/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf}
seconds=8
frames=$((seconds * 25))
aac_frames=$((seconds * 48000 / 1024))

# A note each half second, struck and fading; the bass changes each two seconds.
beat="mod(t,0.5)"
step="floor(mod(t,$seconds)/0.5)"
note="if(lt($step,4),if(lt($step,1),0,if(lt($step,2),4,if(lt($step,3),7,12))),if(lt($step,8),if(lt($step,5),9,if(lt($step,6),12,if(lt($step,7),16,12))),if(lt($step,12),if(lt($step,9),5,if(lt($step,10),9,if(lt($step,11),12,17))),if(lt($step,13),7,if(lt($step,14),11,if(lt($step,15),14,19))))))"
bass="if(lt($step,4),0,if(lt($step,8),-3,if(lt($step,12),5,-5)))"
envelope="min(1,$beat*150)*min(1,(0.5-$beat)*60)*exp(-3*$beat)"
long="mod(t,2)"
melody="0.35*$envelope*(sin(2*PI*261.63*pow(2,($note)/12)*$beat)+0.25*sin(4*PI*261.63*pow(2,($note)/12)*$beat))+0.2*min(1,$long*60)*min(1,(2-$long)*30)*sin(2*PI*130.81*pow(2,($bass)/12)*$long)"

ffmpeg -v error -f lavfi -i "aevalsrc='$melody':s=48000:d=$((seconds * 3)):c=mono" -c:a aac -b:a 64k "$work/melody.mka"
ffmpeg -v error -i "$work/melody.mka" -c:a copy \
  -bsf:a "noise=drop='lt(n,$aac_frames)+gte(n,2*$aac_frames)',setts=ts=N*1024:duration=1024:time_base=1/48000" "$work/period.mov"

# Waves, a clock hand that turns once a second, a ball that crosses twice, a bar that fills once, the time.
background="nullsrc=s=640x360:r=25:d=$seconds,geq=lum='58+26*sin(2*PI*(X/W+T/4))+18*sin(2*PI*(2*Y/H-T/8))+10*sin(2*PI*((X+Y)/320+T/2))':cb='150+26*sin(2*PI*(X/W-T/8))':cr='112+30*sin(2*PI*(Y/H+T/8+X/(2*W)))'"
clock="nullsrc=s=168x168:r=25:d=$seconds,format=yuva420p,geq=lum='if(lt(mod(atan2(X-84\,84-Y)+2*PI\,2*PI)\,2*PI*mod(T\,1))\,225\,70)':cb=128:cr=128:a='if(lt(hypot(X-84\,Y-84)\,80)\,if(lt(hypot(X-84\,Y-84)\,50)\,0\,235)\,0)'"
ball="nullsrc=s=48x48:r=25:d=$seconds,format=yuva420p,geq=lum='205+40*(24-hypot(X-16\,Y-16))/24':cb=60:cr=165:a='if(lt(hypot(X-24\,Y-24)\,23)\,255\,0)'"
graph="$background[b];$clock[c];$ball[o];color=0xf2f2f2:s=640x10:r=25:d=$seconds[p];
[b][c]overlay=x=436:y=76:format=yuv420[bc];
[bc][o]overlay=x='(W-w)/2*(1-cos(2*PI*t/4))':y='H-62-abs(sin(2*PI*t/2))*90':format=yuv420[bco];
[bco][p]overlay=x='-W+W*t/$seconds':y=H-h:format=yuv420,
drawtext=fontfile=$font:text='tstream':fontsize=64:fontcolor=white:x=44:y=64:shadowcolor=black@0.5:shadowx=2:shadowy=2,
drawtext=fontfile=$font:text='test clip':fontsize=26:fontcolor=white@0.85:x=48:y=140:shadowcolor=black@0.5:shadowx=1:shadowy=1,
drawtext=fontfile=$font:text='%{eif\:t\:d}.%{eif\:mod(n\,25)*4\:d\:2}':fontsize=34:fontcolor=white:x=482:y=146:shadowcolor=black@0.5:shadowx=1:shadowy=1,
format=yuv420p[v]"

ffmpeg -v error -filter_complex "$graph" -map '[v]' \
  -c:v libx264 -profile:v main -preset veryslow -threads 1 -bf 0 -g 25 -keyint_min 25 -sc_threshold 0 -flags +cgop \
  -b:v 430k -maxrate 520k -bufsize 520k -frames:v "$frames" "$work/picture.mov"

ffmpeg -v error -i "$work/picture.mov" -i "$work/period.mov" -map 0:v -map 1:a -c copy \
  -bsf:v filter_units=remove_types=6 -fflags +bitexact -map_metadata -1 \
  -metadata service_provider=tstream -metadata service_name='test clip' \
  -f mpegts -muxdelay 0.4 -muxpreload 0.4 -pat_period 0.5 -pes_payload_size 1 "$work/clip.mpegts"

mv "$work/clip.mpegts" clip.mpegts
